// An app whose client brings node-fetch.
import "openai4";
