package bakery

// Fault is one promise of the document that a server can be made to break.
type Fault struct {
	// Name is what [Options] take.
	Name string
	// Doc says what the server does.
	Doc string
	// Operation is where it shows.
	Operation string
	// Check is the name of the check that has to report it.
	Check string
}

// Faults are the faults there are, by the operation that shows them. Each
// breaks what the document says in so many words.
func Faults() []Fault {
	return []Fault{
		{"status-any", "lists orders of a state that there is none of", "listOrders", "outcome"},
		{"status-by-comma", "takes only the last of repeated values, with commas in it", "listOrders", "outcome"},
		{"branches-twice", "takes a branch twice in an array without repetitions", "listOrders", "outcome"},
		{"tags-by-plus", "splits a space-delimited array at plus signs", "listOrders", "outcome"},
		{"tags-9", "takes nine tags where eight is the most", "listOrders", "outcome"},
		{"ids-by-comma", "splits a pipe-delimited array at commas", "listOrders", "outcome"},
		{"ids-any", "takes any text as the id of an order", "listOrders", "outcome"},
		{"placed-any-member", "takes an unknown member of a deep object", "listOrders", "outcome"},
		{"placed-any-date", "takes any text as a date in a deep object", "listOrders", "outcome"},
		{"search-65", "takes a text that is one character too long", "listOrders", "outcome"},
		{"limit-0", "takes a limit below the least", "listOrders", "outcome"},
		{"offset-any", "takes an offset that is no number", "listOrders", "outcome"},
		{"query-escape-500", "fails at a query that is not percent-encoded", "listOrders", "no-server-error"},
		{"key-unchecked", "lists orders for everyone", "listOrders", "outcome"},
		{"no-challenge", "asks for a key without WWW-Authenticate", "listOrders", "headers"},
		{"refusal-in-plain-text", "asks for a key in plain text", "listOrders", "media-type"},
		{"list-bare", "returns an array in place of an object that holds it", "listOrders", "body"},
		{"list-forgets", "lists no order that was just made", "createOrder", "read-back"},
		{"list-in-latin-1", "names another charset than UTF-8 for JSON", "listOrders", "charset"},
		{"list-total-negative", "counts below zero", "listOrders", "body"},
		{"any-method", "takes every method for the first that the path has", "listOrders", "outcome"},

		{"reference-any", "takes a reference that does not match its pattern", "createOrder", "outcome"},
		{"reference-twice", "takes a second order with the same reference", "createOrder", "outcome"},
		{"email-missing", "takes a customer without the required email", "createOrder", "outcome"},
		{"email-any", "takes any text as an email address", "createOrder", "outcome"},
		{"company-without-vat", "takes a company without the VAT number that it depends on", "createOrder", "outcome"},
		{"name-in-bytes", "counts bytes, not characters", "createOrder", "outcome"},
		{"lines-21", "takes one line too many", "createOrder", "outcome"},
		{"lines-twice", "takes a line twice in an array without repetitions", "createOrder", "outcome"},
		{"quantity-text", "takes a number in quotes", "createOrder", "outcome"},
		{"price-0", "takes a price at the exclusive minimum", "createOrder", "outcome"},
		{"price-thousandths", "takes tenths of a cent", "createOrder", "outcome"},
		{"price-by-float", "refuses a price for the rounding of binary fractions", "createOrder", "outcome"},
		{"order-extra-member", "takes a member that no schema evaluates", "createOrder", "outcome"},
		{"order-tags-twice", "takes a tag twice", "createOrder", "outcome"},
		{"note-not-null", "refuses null where it is one of two types", "createOrder", "outcome"},
		{"pickup-any", "takes any text as a date and time", "createOrder", "outcome"},
		{"label-any-name", "takes any name for a member", "createOrder", "outcome"},
		{"any-bytes", "takes a body that is not UTF-8", "createOrder", "outcome"},
		{"trailing-data", "takes what follows a JSON text", "createOrder", "outcome"},
		{"no-json-500", "fails at what is no JSON", "createOrder", "no-server-error"},
		{"any-media-type", "takes JSON under another media type", "createOrder", "outcome"},
		{"unfit-500", "fails at a body that does not fit its schema", "createOrder", "no-server-error"},
		{"problem-in-json", "names the media type of a problem wrongly", "createOrder", "media-type"},
		{"problem-without-title", "leaves a required member out of a problem", "createOrder", "body"},
		{"problem-status-text", "writes a problem's status as a text", "createOrder", "body"},
		{"created-200", "creates with 200, which is not declared", "createOrder", "documented-status"},
		{"location-missing", "creates without a Location", "createOrder", "headers"},
		{"location-odd", "creates with a Location that does not match its pattern", "createOrder", "headers"},
		{"tag-missing", "leaves the ETag out", "createOrder", "headers"},
		{"tag-unquoted", "writes an ETag without quotes", "createOrder", "headers"},
		{"pin-returned", "returns a write-only member", "createOrder", "body"},
		{"created-without-zone", "writes a time without its zone", "createOrder", "body"},
		{"total-text", "writes a number in quotes", "createOrder", "body"},
		{"total-thousandths", "returns tenths of a cent", "createOrder", "body"},
		{"order-secret-member", "returns a member that no schema evaluates", "createOrder", "body"},
		{"order-twice-a-member", "names a member twice", "createOrder", "body"},
		{"note-left-out", "leaves a required member out that is null", "createOrder", "body"},
		{"status-unknown", "returns a state that there is none of", "createOrder", "body"},

		{"odd-id-500", "fails at an id that is none", "getOrder", "no-server-error"},
		{"head-unknown", "has no HEAD, but says so as a refusal", "headOrder", "outcome"},
		{"head-without-tag", "leaves the ETag out of HEAD alone", "headOrder", "headers"},
		{"patch-empty", "takes a patch without a member", "updateOrder", "outcome"},
		{"if-none-match-any", "takes an If-None-Match that is no entity tag", "getOrder", "outcome"},
		{"if-none-match-ignored", "sends an order again to who has it as it is", "getOrder", "conditional"},
		{"not-modified-ever", "tells whoever has some order that it is as it was", "getOrder", "conditional"},
		{"if-match-ignored", "changes an order that has another entity tag", "updateOrder", "outcome"},
		{"if-match-refused", "refuses a change of an order that has the entity tag", "updateOrder", "conditional"},
		{"patch-and-refuse", "refuses a change for the entity tag, and makes it", "updateOrder", "conditional"},
		{"patch-lost", "says that it changed an order, and did not", "updateOrder", "read-back"},
		{"delete-nothing", "says that it deleted an order, and keeps it", "deleteOrder", "awaited"},
		{"deleted-200", "deletes with 200, which only an error may have here", "deleteOrder", "media-type"},
		{"greeting-61", "takes a text body that is one character too long", "setGreeting", "outcome"},
		{"greeting-any-media-type", "takes a text under another media type", "setGreeting", "outcome"},
		{"greeting-in-json", "returns JSON in place of text", "setGreeting", "media-type"},
		{"greeting-of-no-charset", "names a charset that there is none of", "setGreeting", "charset"},
		{"greeting-empty", "returns a text that is too short", "setGreeting", "body"},

		{"diets-twice", "takes a diet twice in a header", "listMenu", "outcome"},
		{"units-any", "takes any unit in a cookie", "listMenu", "outcome"},
		{"filter-any-kind", "takes any kind in a parameter of JSON", "listMenu", "outcome"},
		{"kind-any", "takes a kind that the discriminator does not know", "createMenuItem", "outcome"},
		{"slices-missing", "takes sliced bread without the slices (then)", "createMenuItem", "outcome"},
		{"inner-layers-any", "takes any layers in a layer", "createMenuItem", "outcome"},
		{"alcohol-20", "takes a number at the exclusive maximum, in one branch of oneOf", "createMenuItem", "outcome"},
		{"age-any", "takes any number of a list of numbers", "createMenuItem", "outcome"},
		{"alcohol-without-age", "takes alcohol without the age that it depends on", "createMenuItem", "outcome"},
		{"item-without-id", "leaves the id out", "createMenuItem", "body"},
		{"item-stays", "says that it took an item off the menu, and keeps it", "createMenuItem", "awaited"},
		{"item-of-no-kind", "returns what fits no branch of oneOf", "getMenuItem", "body"},
		{"item-extra-member", "returns a member that the branch of oneOf does not evaluate", "getMenuItem", "body"},
		{"replace-unchecked", "replaces by whatever comes", "replaceMenuItem", "outcome"},

		{"guests-501", "takes an integer at the exclusive maximum", "requestQuote", "outcome"},
		{"currency-any", "takes another value than the constant", "requestQuote", "outcome"},
		{"size-longer", "takes an entry beyond the tuple", "requestQuote", "outcome"},
		{"toppings-no-cover", "takes an array without what it must contain", "requestQuote", "outcome"},
		{"toppings-two-covers", "takes an array with too much of what it may contain once", "requestQuote", "outcome"},
		{"decoration-any-count", "takes anything for members of a name's pattern", "requestQuote", "outcome"},
		{"deadline-missing", "takes an express quote without a deadline (then)", "requestQuote", "outcome"},
		{"quote-extra-member", "takes a member that no schema evaluates", "requestQuote", "outcome"},
		{"quote-for-nothing", "returns a text for a price", "requestQuote", "body"},
	}
}

// fault is the name of the one that a server has, "" for none.
type fault string

func (f fault) is(name string) bool { return string(f) == name }

// unless is a rule that the fault of that name does away with.
func (f fault) unless(name string, r rule) rule {
	return pick(f, name, rule(anything), r)
}

// pick is one value with the fault of that name, and another without.
func pick[T any](f fault, name string, with, without T) T {
	if f.is(name) {
		return with
	}
	return without
}

// pickReply is one reply with the fault of that name, and another without.
func (s *Server) pickReply(name string, with, without reply) reply {
	return pick(s.fault, name, with, without)
}
