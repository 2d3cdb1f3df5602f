package contract

// Evidence says how well a statement is founded, strongest first.
type Evidence string

// The degrees of evidence. A broken statement that is merely Assumed warns; any
// other breaks the case.
const (
	Recorded   Evidence = "recorded"
	Documented Evidence = "documented"
	Client     Evidence = "client"
	Assumed    Evidence = "assumed"
)

// Finding is one broken promise.
type Finding struct {
	// Check is the name of the check that found it.
	Check string `json:"check"`
	// Statement is the id of the statement that is broken, empty where the
	// contract has none for it and the document's own words were broken.
	Statement string   `json:"statement,omitempty"`
	Evidence  Evidence `json:"evidence"`
	// Message is one sentence: what is wrong.
	Message  string `json:"message"`
	Expected string `json:"expected,omitempty"`
	Got      string `json:"got,omitempty"`
	// Step names the step whose exchange shows it.
	Step string `json:"step,omitempty"`
	// Exchange is the place of that exchange among those of the case, from 1; 0
	// where it is not among them. A step that polls, or sends copies, has
	// several.
	Exchange int `json:"exchange,omitempty"`
	// Pointer is the JSON pointer into the body, where the fault has a place.
	Pointer string `json:"pointer,omitempty"`
	// Place is where in the exchange: status, header, body, query, path.
	Place string `json:"place,omitempty"`
	// Fingerprint is the same for the same fault in every run.
	Fingerprint string `json:"fingerprint"`
}

// Outcome is the result of one case.
type Outcome string

// The outcomes.
const (
	Kept    Outcome = "kept"
	Broken  Outcome = "broken"
	Warned  Outcome = "warned"
	Unsent  Outcome = "unsent"
	Skipped Outcome = "skipped"
)

// Verdict is the result of one case with its grounds.
type Verdict struct {
	Case      *Case
	Outcome   Outcome
	Findings  []Finding
	Exchanges []*Exchange
	// Reason says why a case was unsent or skipped.
	Reason string
	// Tested are the ids of the statements that some check really put to the
	// test on these exchanges, without duplicates.
	Tested []string
}

// Weigh returns the outcome that findings amount to: broken by any founded
// one, warned by assumed ones alone, else kept.
func Weigh(findings []Finding) Outcome {
	outcome := Kept
	for _, f := range findings {
		if f.Evidence != Assumed {
			return Broken
		}
		outcome = Warned
	}
	return outcome
}
