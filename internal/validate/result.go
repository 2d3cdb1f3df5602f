package validate

// The names of the three opinions, as they appear in [Problem.By] and
// [Result.Unable].
const (
	Kin    = "kin-openapi"
	Lib    = "libopenapi-validator"
	Strict = "strict"
)

// The places of a [Problem].
const (
	PlaceStatus = "status"
	PlaceMedia  = "media"
	PlaceHeader = "header"
	PlaceBody   = "body"
	PlaceQuery  = "query"
	PlacePath   = "path"
	PlaceCookie = "cookie"
)

// Result is what the three opinions came to about one request, response or
// value.
type Result struct {
	// Problems are in a stable order: by place, then pointer, then keyword.
	Problems []Problem
	// Unable names each opinion that could not be had, with its reason, as in
	// "kin-openapi: compile schema: …". The others have judged all the same.
	Unable []string
}

// OK tells that no problem was found that counts: one that carries a dissent
// is a doubt about the judges, not a fault of the judged.
func (r Result) OK() bool {
	for _, p := range r.Problems {
		if p.Dissent == "" {
			return false
		}
	}
	return true
}

// Problem is one thing that is wrong.
type Problem struct {
	// Place is status, media, header, body, query, path or cookie.
	Place string
	// Pointer is the JSON pointer into the body ("" is the whole of it), or
	// the name of the parameter or header, with a JSON pointer into its value
	// appended where the fault lies deeper ("ids/3").
	Pointer string
	// Keyword is the JSON Schema keyword that is broken, or the name of a
	// strict rule.
	Keyword string
	// Message is one short sentence.
	Message string
	// SchemaPointer is where in the document the broken schema is, empty
	// where it is not known.
	SchemaPointer string
	// By names the opinions that found it, sorted.
	By []string
	// Dissent is what the others said, where only one opinion objects and no
	// settled entry decides. A problem with a dissent never breaks a case.
	Dissent string
}
