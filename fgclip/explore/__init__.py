"""The page: Gradio only lays out and wires; what it shows is computed in the layers below."""
