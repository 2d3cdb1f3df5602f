package contract

// Answer says how the credentials of a step differ from the usual answer to a
// challenge, so that a legal variation is seen accepted and a wrong answer
// refused. It holds no secret: who sends the step knows the key and writes the
// credentials. The zero Answer is the usual answer to a challenge of the
// step's own, which shares its nonce with no other step.
//
// The directives are those of RFC 7616, section 3.4. Where one gets another
// value, {} in it stands for the usual value, {flip} for the usual value with
// one character changed, {upper} for it in capitals, and {none} for the
// directive being left out.
type Answer struct {
	// Scheme sends the same user and key under another scheme: basic or bearer.
	Scheme string
	// User and Key are sent in place of the credential's own; nil keeps those.
	User, Key *string
	// Of names an earlier step of the case: its last nonce is used, with the
	// next count, instead of that of a fresh challenge.
	Of string
	// Again repeats the count and the client nonce of that step, too.
	Again bool
	// Offer are the directives that the challenge to be answered must have,
	// such as algorithm: SHA-256, or qop: auth-int for one among its list. A
	// step whose target offers none such is not sent.
	Offer map[string]string
	// Over are directives of another value over which the response is computed
	// as if it were the right one; method stands for that of the request.
	Over map[string]string
	// Written are directives of another value than the one that the response
	// was computed over.
	Written map[string]string
	// Form is how the directives are written.
	Form Form
}

// Form is a way to write the directives of an answer. The zero Form is the one
// that RFC 7616 shows.
type Form struct {
	// Scheme is another spelling of the word Digest.
	Scheme string
	// Reverse writes the directives in the opposite order.
	Reverse bool
	// Capitals writes the names of directives in capitals.
	Capitals bool
	// Comma and Equals are written in place of a comma with a space and of an
	// equals sign.
	Comma, Equals string
	// Quoted and Bare are the directives whose quotes differ from the usual.
	Quoted, Bare []string
}

// Answered is what the digest of a request was made for. None of it is secret.
type Answered struct {
	Nonce, Cnonce string
	// Count is the nonce count, 1 for the first use of a nonce.
	Count uint32
	// Right tells that the credential's own user and key were used.
	Right bool
	// Asked is the exchange whose challenge was answered, of an earlier step
	// perhaps.
	Asked *Exchange
}
