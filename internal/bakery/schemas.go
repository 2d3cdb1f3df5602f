package bakery

import (
	"math"
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
