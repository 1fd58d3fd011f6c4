"""Other people's models beside ours: detectors, chat models, published weights."""
