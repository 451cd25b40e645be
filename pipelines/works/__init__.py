"""Which records are one publication, and which publications are one work: frames in, frames out."""
