"""Questions to one picture: how well does this phrase fit this box, and where does it fit?"""
