"""Engine: from the files of a run to what is wrong in them."""
