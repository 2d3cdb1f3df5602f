package validate

import (
	"mime"
	"strings"
)

// mediaKey is a media type or range in lower case without its parameters.
func mediaKey(s string) string {
	if parsed, _, err := mime.ParseMediaType(s); err == nil {
		return parsed
	}
	key, _, _ := strings.Cut(s, ";")
	return strings.ToLower(strings.TrimSpace(key))
}

// isJSON tells that a media type is JSON, or a structured syntax upon it
// (RFC 6839 §3.1).
func isJSON(media string) bool {
	_, sub, _ := strings.Cut(media, "/")
	return sub == "json" || strings.HasSuffix(sub, "+json")
}

// matchMedia is the rule that covers a media type: the one of its name, else the
// narrowest range.
func matchMedia(content []mediaRule, media string) *mediaRule {
	kind, _, _ := strings.Cut(media, "/")
	for _, key := range []string{media, kind + "/*", "*/*"} {
		for i := range content {
			if content[i].key == key {
				return &content[i]
			}
		}
	}
	return nil
}

// mediaNames lists what a content declares, for messages.
func mediaNames(content []mediaRule) string {
	names := make([]string, len(content))
	for i, m := range content {
		names[i] = m.key
	}
	return strings.Join(names, ", ")
}
