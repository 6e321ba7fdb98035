"""The same quantity printed more than once: copies with one number changed, a value told again as another one."""
