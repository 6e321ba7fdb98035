"""What every result can do: become a frame, become numbers of the evidence, be read when printed."""
