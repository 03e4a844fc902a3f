"""Pure analytics: frames in, frames out. No clock, no files, no database, no screen."""
