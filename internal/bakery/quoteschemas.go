package bakery

import (
	"strconv"
	"strings"
)

func quoteRequest(f fault, g grammar) rule {
	o := object{
		required: []string{"guests", "currency", "size", "toppings"},
		members: map[string]rule{
			"guests":      both(number(above(0), pick(f, "guests-501", atMost(501), below(501))), multipleOf(1)),
			"currency":    f.unless("currency-any", enum("EUR")),
			"size":        tuple(f.is("size-longer"), integer(1, 5), enum("round", "square", "heart")),
			"toppings":    toppings(f),
			"decorations": decorations(f),
			"express":     boolean,
			"contact":     orNull(str("of format email", g.isEmail)),
			"budget":      orNull(both(number(atLeast(0), atMost(100_000)), multipleOf(100))),
		},
		// Whether there may be a deadline depends on another member.
		other: anything,
	}
	date := str("of format date", g.isDate)
	o.also = func(k *checker, at string, members map[string]any) {
		express := members["express"] == true
		if _, has := members["deadline"]; express && !has && !f.is("deadline-missing") {
			k.add(at, "must have deadline, as it is express")
		}
		for name, v := range members {
			switch {
			case name == "deadline" && express:
				date(k, at+"/deadline", v)
			case o.members[name] == nil && !f.is("quote-extra-member"):
				k.add(at+"/"+escape(name), "is not known")
			}
		}
	}
	return o.check
}

func toppings(f fault) rule {
	known := array{most: 4, unique: true, items: enum("cream", "fondant", "chocolate", "fruit", "nuts")}.check
	return both(known, func(k *checker, at string, v any) {
		list, _ := v.([]any)
		covers := 0
		for _, topping := range list {
			if topping == "cream" || topping == "fondant" {
				covers++
			}
		}
		if covers < 1 && !f.is("toppings-no-cover") || covers > 1 && !f.is("toppings-two-covers") {
			k.add(at, "must have exactly one of cream and fondant")
		}
	})
}

func decorations(f fault) rule {
	count, words := f.unless("decoration-any-count", integer(1, 99)), chars(1, 20)
	return object{
		least: 1, most: 6,
		names: both(pattern(`^[nt]-[a-z]+$`), chars(0, 12)),
		other: func(k *checker, at string, v any) {
			switch name := at[strings.LastIndexByte(at, '/')+1:]; {
			case strings.HasPrefix(name, "n-"):
				count(k, at, v)
			case strings.HasPrefix(name, "t-"):
				words(k, at, v)
			}
		},
	}.check
}

// tuple is the rule of an array with a rule for each place.
func tuple(longer bool, places ...rule) rule {
	return func(k *checker, at string, v any) {
		list, ok := v.([]any)
		if !ok || len(list) < len(places) || len(list) > len(places) && !longer {
			k.add(at, "must be an array of %d entries", len(places))
			return
		}
		for i, r := range places {
			r(k, at+"/"+strconv.Itoa(i), list[i])
		}
	}
}
