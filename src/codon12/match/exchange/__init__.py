"""Other formats in and out: CIViC, CTML, FHIR with mCODE, VA-Spec, VCF and MAF folders."""
