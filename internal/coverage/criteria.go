package coverage

// Criterion is a sort of items.
type Criterion string

// The criteria, in the order in which they are shown.
const (
	Paths              Criterion = "paths"
	Operations         Criterion = "operations"
	RequestMedia       Criterion = "request media types"
	ResponseMedia      Criterion = "response media types"
	Parameters         Criterion = "parameters"
	StatusClasses      Criterion = "status classes"
	ParameterValues    Criterion = "parameter values"
	Statuses           Criterion = "statuses"
	ResponseProperties Criterion = "response properties"
	Flows              Criterion = "operation flows"
	Bounds             Criterion = "bounds"
	Keywords           Criterion = "request keywords"
	ResponseValues     Criterion = "response values"
	ResponseHeaders    Criterion = "response headers"
)

// TopLevel is the highest level.
const TopLevel = 7

// rule is what is to be known of a criterion.
type rule struct {
	criterion Criterion
	// level is the one that it belongs to, 0 for none.
	level int
	// reply tells that the target decides whether it is met. What was not, though
	// it could have been, passed without having been seen.
	reply bool
	// missing is why an item was not met that no case was about.
	missing string
}

// rules are those of all criteria, in their order.
func rules() []rule {
	const unsent = "no case sends it"
	return []rule{
		{Paths, 1, false, unsent},
		{Operations, 2, false, unsent},
		{RequestMedia, 3, false, unsent},
		{ResponseMedia, 3, true, "no reply came that could have it"},
		{Parameters, 4, false, unsent},
		{StatusClasses, 4, false, "no reply came at all"},
		{ParameterValues, 5, false, unsent},
		{Statuses, 5, true, "no reply came at all"},
		{ResponseProperties, 6, true, "no object came that could have it"},
		{Flows, 7, false, "no case goes from the one to the other"},
		{Bounds, 0, false, unsent},
		{Keywords, 0, false, "no case breaks it"},
		{ResponseValues, 0, true, "no value came in its place"},
		{ResponseHeaders, 0, true, "no reply came that could have it"},
	}
}
