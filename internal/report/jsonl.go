package report

import (
	"encoding/json"
	"io"
)

// jsonl writes each record as one line, at once, so that what was found is
// there even where the run does not come to its end.
type jsonl struct {
	encoder *json.Encoder
}

func newJSONL(w io.Writer, _ Options) Renderer {
	encoder := json.NewEncoder(w) // writes each value and its newline in one call
	encoder.SetEscapeHTML(false)
	return &jsonl{encoder: encoder}
}

func (j *jsonl) Header(h *Header) error {
	record := *h
	record.Type = typeHeader
	return j.encoder.Encode(&record)
}

func (j *jsonl) Verdict(v *Verdict) error {
	record := *v
	record.Type = typeVerdict
	return j.encoder.Encode(&record)
}

func (j *jsonl) End(statements []Statement, f *Footer) error {
	for _, record := range statements {
		record.Type = typeStatement
		if err := j.encoder.Encode(&record); err != nil {
			return err
		}
	}
	if f.Coverage != nil {
		if err := j.encoder.Encode(&Coverage{Type: typeCoverage, Summary: *f.Coverage}); err != nil {
			return err
		}
	}
	record := *f
	record.Type = typeFooter
	return j.encoder.Encode(&record)
}
