"""Single-arm designs: boundaries, criterion, sample size, Simon and the classical ones, inference, calendar time."""
