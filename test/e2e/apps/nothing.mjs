// An app that calls no model.
