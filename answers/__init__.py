"""The way out: one function per question, from a viewer and a scope to a frame, over the snapshot."""
