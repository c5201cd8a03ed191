// An app that calls no model.
process.stdout.write("ready\n");
