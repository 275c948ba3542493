"""Files from strangers: received, decoded in a process of their own, kept and served privately."""
