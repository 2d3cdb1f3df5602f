package bakery

import "math"

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
