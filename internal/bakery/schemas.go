package bakery

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// schemas are the document's schemas, as rules. A fault takes the place of one
// rule in them.
type schemas struct {
	newOrder, orderPatch, greeting, menuItem, quote rule

	// Those of parameters.
	statuses, branches, tags, ids, date, search, limit, offset rule
	uuid, itemID, tag, tagOrAny, diets, filter, units          rule
}

func newSchemas(f fault) schemas {
	g := newGrammar()
	branch := enum("harbour", "market", "station")
	uuid := str("of format uuid", g.isUUID)
	return schemas{
		newOrder:   newOrder(f, g, branch),
		orderPatch: object{least: pick(f, "patch-empty", 0, 1), members: changeable(f, g)}.check,
		greeting:   both(chars(1, pick(f, "greeting-61", 61, 60)), pattern(`^[^\n]+$`)),
		menuItem:   menuItem(f, g),
		quote:      quoteRequest(f, g),

		statuses: array{least: 1, items: f.unless("status-any", enum("placed", "baking", "ready", "collected"))}.check,
		branches: array{least: 1, unique: !f.is("branches-twice"), items: branch}.check,
		tags:     array{least: 1, most: pick(f, "tags-9", 9, 8), items: tag()}.check,
		ids:      array{least: 1, most: 20, items: f.unless("ids-any", uuid)}.check,
		date:     f.unless("placed-any-date", str("of format date", g.isDate)),
		search:   chars(1, pick(f, "search-65", 65, 64)),
		limit:    written(integer(pick[int64](f, "limit-0", 0, 1), 100)),
		offset:   f.unless("offset-any", written(integer(0, 1_000_000))),
		uuid:     uuid,
		itemID:   pattern(itemID),
		tag:      pattern(`^"[!#-~]+"$`),
		tagOrAny: f.unless("if-none-match-any", pattern(`^(\*|"[!#-~]+")$`)),
		diets:    array{least: 1, unique: !f.is("diets-twice"), items: diet()}.check,
		filter: object{
			least:   1,
			members: map[string]rule{"kind": f.unless("filter-any-kind", enum("bread", "cake", "drink")), "maxPrice": price(f)},
		}.check,
		units: f.unless("units-any", enum("metric", "imperial")),
	}
}

const itemID = `^m-[0-9a-f]{8}$`

func diet() rule { return enum("vegan", "vegetarian", "gluten-free") }

func tag() rule { return both(pattern(`^[a-z0-9]+(-[a-z0-9]+)*$`), chars(0, 20)) }

func price(f fault) rule {
	lowest, cents := pick(f, "price-0", atLeast(0), above(0)), f.unless("price-thousandths", multipleOf(100))
	if f.is("price-by-float") {
		cents = func(k *checker, at string, v any) {
			n, _ := exact(v)
			if x, _ := n.Float64(); math.Mod(x, 0.01) != 0 {
				k.add(at, "must be a multiple of 0.01")
			}
		}
	}
	return both(number(lowest, atMost(500)), cents)
}

// changeable are the members of an order that a patch may name.
func changeable(f fault, g grammar) map[string]rule {
	note := chars(0, 280)
	if !f.is("note-not-null") {
		note = orNull(note)
	}
	return map[string]rule{
		"note":     note,
		"tags":     array{most: 8, unique: !f.is("order-tags-twice"), items: tag()}.check,
		"pickupAt": orNull(f.unless("pickup-any", str("of format date-time", g.isDateTime))),
	}
}

func newOrder(f fault, g grammar, branch rule) rule {
	o := object{
		required: []string{"reference", "customer", "lines"},
		members:  changeable(f, g),
		other:    pick[rule](f, "order-extra-member", anything, nil),
	}
	o.members["reference"] = f.unless("reference-any", pattern(`^BK-[0-9]{6}$`))
	o.members["branch"] = branch
	o.members["customer"] = customer(f, g)
	o.members["lines"] = array{least: 1, most: pick(f, "lines-21", 21, 20), unique: !f.is("lines-twice"), items: line(f)}.check
	o.members["labels"] = object{
		least: 1, most: 10, other: chars(0, 40),
		names: f.unless("label-any-name", both(pattern(`^[a-z][a-z0-9_]*$`), chars(0, 12))),
	}.check
	o.members["pin"] = pattern(`^[0-9]{4}$`)
	return o.check
}

func customer(f fault, g grammar) rule {
	name := chars(1, 80)
	if f.is("name-in-bytes") {
		name = str("of 1 to 80 characters", func(s string) bool { return len(s) >= 1 && len(s) <= 80 })
	}
	return object{
		required: pick(f, "email-missing", []string{"name"}, []string{"name", "email"}),
		members: map[string]rule{
			"name":      name,
			"email":     f.unless("email-any", str("of format email", g.isEmail)),
			"phone":     pattern(`^\+[0-9]{6,15}$`),
			"company":   chars(1, 80),
			"vatNumber": pattern(`^[A-Z]{2}[0-9A-Z]{2,12}$`),
		},
		needs: pick(f, "company-without-vat", nil, map[string]string{"company": "vatNumber"}),
	}.check
}

func line(f fault) rule {
	quantity := integer(1, 100)
	if f.is("quantity-text") {
		quantity = func(k *checker, at string, v any) {
			if s, ok := v.(string); !ok || utf8.RuneCountInString(s) == 0 {
				integer(1, 100)(k, at, v)
			}
		}
	}
	return object{
		required: []string{"item", "quantity", "unitPrice"},
		members:  map[string]rule{"item": chars(1, 60), "quantity": quantity, "unitPrice": price(f)},
	}.check
}

// menuItem picks the branch of oneOf by the discriminator.
func menuItem(f fault, g grammar) rule {
	branches := map[string]rule{"bread": bread(f, g), "cake": cake(f, g), "drink": drink(f, g)}
	return func(k *checker, at string, v any) {
		members, _ := v.(map[string]any)
		kind, _ := members["kind"].(string)
		branch, ok := branches[kind]
		switch {
		case ok:
			branch(k, at, v)
		case !f.is("kind-any"):
			k.add(at+"/kind", "must be bread, cake or drink")
		}
	}
}

// menuFields completes a branch by what all of them have.
func menuFields(f fault, g grammar, o object) rule {
	o.required = append([]string{"kind", "name", "price"}, o.required...)
	for name, r := range map[string]rule{
		"id": pattern(itemID), "updatedAt": str("of format date-time", g.isDateTime),
		"kind": chars(0, math.MaxInt), "name": chars(1, 60), "price": price(f),
		"diets":        array{unique: true, items: diet()}.check,
		"supplierCode": pattern(`^[A-Z]{2}-[0-9]{4}$`),
	} {
		o.members[name] = r
	}
	return o.check
}

func bread(f fault, g grammar) rule {
	return menuFields(f, g, object{
		required: []string{"flour", "weight", "sliced"},
		members: map[string]rule{
			"flour": enum("wheat", "rye", "spelt"), "weight": integer(50, 3000),
			"sliced": boolean, "slices": integer(2, 60),
		},
		also: func(k *checker, at string, members map[string]any) {
			// Where sliced is missing, the condition of the if holds, too.
			sliced, given := members["sliced"]
			_, slices := members["slices"]
			switch needed := !given || sliced == true; {
			case needed && !slices && !f.is("slices-missing"):
				k.add(at, "must have slices, as it is sliced")
			case !needed && slices:
				k.add(at, "must not have slices, as it is not sliced")
			}
		},
	})
}

func cake(f fault, g grammar) rule {
	people := integer(1, 200)
	return menuFields(f, g, object{
		required: []string{"layers"},
		members: map[string]rule{
			"layers": array{least: 1, most: 12, items: layer(f)}.check,
			"serves": tuple(false, people, people),
		},
	})
}

// layer is recursive: it is only where the next layers are checked that their
// rule is made.
func layer(f fault) rule {
	inner := func(k *checker, at string, v any) { layer(f)(k, at, v) }
	return object{
		required: []string{"flavour", "height"},
		members: map[string]rule{
			"flavour": chars(1, 30),
			"height":  number(above(0), below(30)),
			"layers":  f.unless("inner-layers-any", array{most: 4, items: inner}.check),
		},
	}.check
}

func drink(f fault, g grammar) rule {
	return menuFields(f, g, object{
		required: []string{"size", "hot"},
		members: map[string]rule{
			"size":       enum("small", "medium", "large"),
			"hot":        boolean,
			"alcohol":    orNull(number(atLeast(0), pick(f, "alcohol-20", atMost(20), below(20)))),
			"minimumAge": f.unless("age-any", age),
		},
		needs: pick(f, "alcohol-without-age", nil, map[string]string{"alcohol": "minimumAge"}),
	})
}

// age is the enum 16, 18, whichever way the numbers are written.
func age(k *checker, at string, v any) {
	if c := canonical(v); c != "16" && c != "18" {
		k.add(at, "must be 16 or 18")
	}
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
