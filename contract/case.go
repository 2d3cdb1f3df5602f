package contract

// Expect says in general what must become of the last step of a case.
type Expect string

// What a case can expect of its last step.
const (
	// Accepted: the request is right and gets a documented success.
	Accepted Expect = "accepted"
	// Rejected: the request is wrong and gets a documented 4xx.
	Rejected Expect = "rejected"
	// Any: the contract does not decide; no input gets a 5xx all the same.
	Any Expect = "any"
)

// Case is one or more steps to send and what is expected in general of the
// last one. The earlier steps bring the target into the state that the last
// one needs; checks judge every exchange of the case.
type Case struct {
	// ID is operation/kind/detail, the same in every run of the same document.
	ID        string
	Operation string
	Kind      string
	Expect    Expect
	Steps     []Step
	// Example is the key of the documented example this case replays.
	Example string
	// Statuses are the only statuses the last step may get, where the
	// document names them; empty leaves it to Expect.
	Statuses []int
	// Breaks is the one promise that a rejected request breaks.
	Breaks *Break
	// Statements are the ids of the statements that the case is about.
	Statements []string
	// Excuses are the statuses by which the state of the target may refuse a
	// right request; such a reply proves nothing.
	Excuses []int
	// Doubt says why another outcome than the expected one would break an
	// assumption only; empty where the contract is plain.
	Doubt string
	// Shrink finds a smaller case that shows the same, by asking about smaller
	// ones; it returns nil where there is none. Cases that are as small as can
	// be have none.
	Shrink func(shows func(*Case) bool) *Case
	// Skip is the reason why the case cannot be sent, empty where it can.
	Skip string
}

// Main is the position of the step that the case is about, the last one that
// does not clean up; -1 where there is none.
func (c *Case) Main() int {
	for i := len(c.Steps) - 1; i >= 0; i-- {
		if !c.Steps[i].Cleanup {
			return i
		}
	}
	return -1
}

// Break names the one thing that is wrong with a request.
type Break struct {
	// In is path, query, header, cookie, body, media, credential or method.
	In string `json:"in"`
	// Pointer is the JSON pointer into the body, or the parameter's name.
	Pointer string `json:"pointer"`
	// Keyword is the schema keyword that is broken, or the name of a wire fault.
	Keyword string `json:"keyword"`
}

// Step is one request of a case, to be completed by what earlier steps
// brought.
type Step struct {
	// Name is unique within the case.
	Name string
	// Operation is the id of the operation, empty outside all of them.
	Operation string
	Request   Request
	// Credential names the credential to send with: "" the default one,
	// "none" for no credential at all, else a name from the configuration.
	Credential string
	// Answer is how the credentials differ from the usual ones, nil for the
	// usual ones.
	Answer *Answer
	// Expect is what an earlier step must get for the case to go on: "" or
	// Accepted a 2xx, Rejected a 4xx, Any whatever comes.
	Expect Expect
	// Params are the path parameters known beforehand, decoded.
	Params map[string]string
	// Binds fills {name} in the request's URL and headers from earlier steps.
	Binds []Bind
	// Locks names what the step must have for itself while its case runs, so
	// that two cases never want the same unique thing at once.
	Locks []string
	// Until makes the step poll until its response is such; nil sends once.
	Until *Until
	// Loose makes the case go on whatever the step gets; without it a step that
	// prepares must be accepted.
	Loose bool
	// Copies is how often the request is sent at the same time; 0 and 1 send it
	// once. All exchanges have the step's name. Steps that are bound to it are
	// sent for each copy that was accepted when they clean up, else for one.
	Copies int
	// Cleanup marks a step that removes what the case made: it is sent even
	// after a failure, and a refusal of it is not the case's own fault.
	Cleanup bool
}

// Bind takes a value from an earlier step into the URL of this one, or into one
// of its headers.
type Bind struct {
	// Name is the placeholder, without braces.
	Name string
	// Header is the request header that has the placeholder, "" for the URL.
	// What the target does not send for a header it need not have: a case
	// without it is skipped.
	Header string
	// Step is the name of the earlier step.
	Step string
	// Expr is an OpenAPI runtime expression over that step's exchange, such as
	// $response.body#/id or $request.path.groupId.
	Expr string
	// Under are the members that may wrap that step's reply.
	Under []string
}

// Until is the condition that ends the polling of a step.
type Until struct {
	// Statuses that end it, such as 404 after a delete.
	Statuses []int
	// Pointer and Values end it when the body's value there is one of them.
	Pointer string
	Values  []string
	// Vain are values there after which no other will come: what the case needs
	// is then not to be had from the target.
	Vain []string
}
