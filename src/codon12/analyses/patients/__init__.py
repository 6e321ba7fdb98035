"""Who was studied: flow, baseline, disposition, missing values."""
