"""Legacy Vietnamese text: tables, codecs and the detector that works on whole columns."""
