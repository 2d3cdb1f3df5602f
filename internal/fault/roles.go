package fault

import (
	"net/http"

	"github.com/atlas-contract/conformance/internal/reference"
)

// roleOf picks requests by the role that their sender has in the project of
// the path.
func roleOf(o *reference.Options, role reference.Role) cond {
	return func(t *turn) bool {
		c, known := o.Credentials[t.user()]
		has, named := c.Roles[t.project]
		if !named {
			has = reference.None
		}
		return known && has == role
	}
}

// allows lets a role do what it may not.
func allows(role reference.Role, names ...act) plant {
	return func(o *reference.Options) wrap {
		has, does := roleOf(o, role), acts(names...)
		return skips(func(t *turn) bool { return has(t) && does(t) }, stepRole)(o)
	}
}

// forRole changes the replies to a role.
func forRole(role reference.Role, change edit, conds ...cond) plant {
	return func(o *reference.Options) wrap {
		return edited(on(change, append(conds, roleOf(o, role))...))
	}
}

// forbid makes a reply that says that the sender may not do this.
func forbid(t *turn) {
	t.header.Del(wwwAuthenticate)
	t.refuse(http.StatusForbidden, "ACCESS_FORBIDDEN")
}

// roleFaults are those of what a key may do (A7).
func roleFaults() []Fault {
	fails := func(status int, name string) edit {
		return func(t *turn) {
			t.header.Del(wwwAuthenticate)
			t.refuse(status, name)
		}
	}
	return []Fault{
		{
			Name: "reader-may-create", Statement: "A7", Checks: by("outcome"),
			Doc: "A key that may only read can create.", plant: allows(reference.Reader, create),
		},
		{
			Name: "reader-may-delete", Statement: "A7", Checks: by("outcome"),
			Doc: "A key that may only read can delete.", plant: allows(reference.Reader, remove),
		},
		{
			Name: "reader-creates-and-is-refused", Statement: "A7", Checks: by("outcome"),
			Doc:   "The create of a key that may only read gets 403, but is carried out.",
			plant: both(allows(reference.Reader, create), forRole(reference.Reader, forbid, acts(create))),
		},
		{
			Name: "reader-deletes-and-is-refused", Statement: "A7", Checks: by("outcome lifecycle read-back"),
			Doc:   "The delete of a key that may only read gets 403, but is carried out.",
			plant: both(allows(reference.Reader, remove), forRole(reference.Reader, forbid, acts(remove))),
		},
		{
			Name: "reader-cannot-list", Statement: "A7", Checks: by("outcome"),
			Doc: "A key that may only read gets 403 for the list.", plant: forRole(reference.Reader, forbid, acts(list)),
		},
		{
			Name: "reader-cannot-get", Statement: "A7", Checks: by("outcome"),
			Doc: "A key that may only read gets 403 for a service.", plant: forRole(reference.Reader, forbid, acts(get)),
		},
		{
			Name: "reader-sees-nothing", Statement: "A7", Checks: by("outcome read-back"),
			Doc: "A key that may only read gets an empty list.",
			plant: forRole(reference.Reader, func(t *turn) {
				t.value(func(any) any { return []any{} })
			}, acts(list), good),
		},
		{
			Name: "reader-gets-400", Statement: "A7", Checks: by("outcome"),
			Doc: "The create of a key that may only read gets 400 instead of 403.", plant: forRole(reference.Reader, fails(400, "INVALID_ROLE"), acts(create), code(403)),
		},
		{
			Name: "reader-gets-500", Statement: "A7", Checks: by("no-server-error outcome"),
			Doc: "The delete of a key that may only read gets 500.", plant: forRole(reference.Reader, fails(500, "UNEXPECTED_ERROR"), acts(remove), code(403)),
		},
		{
			Name: "stranger-may-read", Statement: "A7", Checks: by("outcome isolation"),
			Doc: "A key without a role in the project can read in it.", plant: allows(reference.None, list, get, containers, readMode),
		},
		{
			Name: "stranger-may-create", Statement: "A7", Checks: by("outcome isolation"),
			Doc: "A key without a role in the project can create in it.", plant: allows(reference.None, create),
		},
		{
			Name: "stranger-may-delete", Statement: "A7", Checks: by("outcome isolation"),
			Doc: "A key without a role in the project can delete in it.", plant: allows(reference.None, remove),
		},
		{
			Name: "stranger-may-read-the-mode", Statement: "A7", Checks: by("outcome isolation"),
			Doc: "A key without a role in the project can read its regional mode.", plant: allows(reference.None, readMode),
		},
		{
			Name: "stranger-gets-400", Statement: "A7", Checks: by("outcome isolation"),
			Doc: "A key without a role in the project gets 400 for the list.", plant: forRole(reference.None, fails(400, "INVALID_GROUP_ID"), acts(list)),
		},
	}
}
