"""What two values make: their difference, their ratio, a change in percent, a number needed to treat."""
