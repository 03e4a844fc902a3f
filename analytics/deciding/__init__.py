"""The rules by which something is found that a person has to decide: one file per part of the business."""
