package acme

import (
	"math/rand/v2"
	"strings"
)

// customer is somebody outside who writes to ACME. The same person has an account on the social network and an address.
type customer struct {
	Key      string // a handle, and the name before the @ of their address
	Name     string
	Lang     string
	Standing string // as package contact names them; "" of who has none, "troll" and "spam" are our own words
}

// first is what they are called in an answer: people by their first name, houses by their whole one.
func (c customer) first() string {
	if c.Standing == "prospect" || c.Standing == "partner" || c.Standing == "spam" {
		return c.Name
	}
	first, _, _ := strings.Cut(c.Name, " ")
	return first
}

func (c customer) address() string { return c.Key + "@mail.example" }

// cast are all of them, in the order they came.
var cast = func() (all []customer) {
	for line := range strings.Lines(strings.TrimSpace(castList)) {
		f := strings.Split(strings.TrimSpace(line), "|")
		all = append(all, customer{f[0], f[1], f[2], f[3]})
	}
	return all
}()

var byKey = func() map[string]customer {
	m := map[string]customer{}
	for _, c := range cast {
		m[c.Key] = c
	}
	return m
}()

const castList = `
grace_hill|Grace Hill|en|customer
ben_archer|Ben Archer|en|customer
tilda_moore|Tilda Moore|en|customer
oscar_flynn|Oscar Flynn|en|customer
ruby_ellis|Ruby Ellis|en|customer
sam_whitlock|Sam Whitlock|en|customer
nora_quinn|Nora Quinn|en|customer
harvey_lane|Harvey Lane|en|customer
ivy_barnes|Ivy Barnes|en|customer
leo_carter|Leo Carter|en|customer
maya_desai|Maya Desai|en|customer
finn_doherty|Finn Doherty|en|customer
clara_webb|Clara Webb|en|customer
george_pratt|George Pratt|en|detractor
edith_shaw|Edith Shaw|en|detractor
hotel_seaview|Hotel Seaview|en|prospect
kitchens_north|Kitchens North|en|prospect
amelia_frost|Amelia Frost|en|journalist
marcus_dale|Marcus Dale|en|journalist
zoe_fixes|Zoe Fixes Things|en|influencer
repaircafe_leeds|Repair Café Leeds|en|partner
josh_tanner|Josh Tanner|en|candidate
priya_menon|Priya Menon|en|candidate
grumpy_gull|Grumpy Gull|en|troll
hot_deals_247|Hot Deals 24/7|en|spam
growth_guru|Growth Guru|en|spam
anna_keller|Anna Keller|de|customer
jens_brandt|Jens Brandt|de|customer
sabine_roth|Sabine Roth|de|customer
uwe_hartmann|Uwe Hartmann|de|customer
lena_vogt|Lena Vogt|de|customer
timo_fuchs|Timo Fuchs|de|customer
heike_lorenz|Heike Lorenz|de|customer
matthias_graf|Matthias Graf|de|customer
gerda_pohl|Gerda Pohl|de|detractor
pension_alpenblick|Pension Alpenblick|de|prospect
katrin_busch|Katrin Busch|de|journalist
nils_ebert|Nils Ebert|de|candidate
repaircafe_kassel|Repair-Café Kassel|de|partner
wutbuerger77|Wutbürger 77|de|troll
camille_durand|Camille Durand|fr|customer
luc_bernard|Luc Bernard|fr|customer
elodie_petit|Élodie Petit|fr|customer
hotel_du_lac|Hôtel du Lac|fr|prospect
mathilde_roy|Mathilde Roy|fr|journalist
bastien_leroy|Bastien Leroy|fr|candidate
carmen_ortega|Carmen Ortega|es|customer
javier_ruiz|Javier Ruiz|es|customer
lola_navarro|Lola Navarro|es|customer
diego_santos|Diego Santos|es|candidate
giulia_ferri|Giulia Ferri|it|customer
marco_bianchi|Marco Bianchi|it|customer
sofie_jansen|Sofie Jansen|nl|customer
daan_visser|Daan Visser|nl|customer
zofia_nowak|Zofia Nowak|pl|customer
piotr_zielinski|Piotr Zieliński|pl|customer
beatriz_lopes|Beatriz Lopes|pt|customer
tiago_pinto|Tiago Pinto|pt|customer
rosa_almeida|Rosa Almeida|pt|advocate
walter_finch|Walter Finch|en|advocate
`

// place is where something is said to ACME.
type place string

const (
	toHelp     place = "help"    // in public, to @acme_help
	toACME     place = "acme"    // in public, to @acme
	toJobs     place = "jobs"    // in public, to @acme_jobs
	helpDirect place = "help.dm" // in private
	acmeDirect place = "acme.dm"
	toPress    place = "press"   // by mail
	toBilling  place = "billing" //
	toReviews  place = "reviews"
	inTheNews  place = "news"
)

// private reports whether only the company reads what is said there.
func (p place) private() bool {
	return p == helpDirect || p == acmeDirect || p == toPress || p == toBilling
}

// handle is the account of the company's on the social network that is spoken to; "" elsewhere.
func (p place) handle() string {
	return map[place]string{toHelp: "acme_help", helpDirect: "acme_help", toACME: "acme", acmeDirect: "acme", toJobs: "acme_jobs"}[p]
}

// mailbox is the company's address that is written to; "" elsewhere.
func (p place) mailbox() string {
	return map[place]string{toPress: "press@acme.example", toBilling: "billing@acme.example"}[p]
}

// matter is a kind of thing people write about.
type matter struct {
	key    string
	weight int     // how often it comes up
	who    string  // the standings of those who write about it, "customer" meaning everybody who buys
	where  []place // the usual places; now and then it goes to another on purpose
	answer string  // the section of the answer to it
	home   string  // the department that deals with it; "" is nobody's in particular
	stars  [2]int  // of a review of this kind; zero: it is never one
}

var matters = []matter{
	{"delivery", 14, "customer", []place{toHelp, toHelp, helpDirect, toACME, toReviews}, "answer.delivery", "Deliveries", [2]int{1, 3}},
	{"fault", 16, "customer", []place{toHelp, toHelp, helpDirect, toACME, toReviews, toBilling}, "answer.support", "Repairs and spare parts", [2]int{1, 3}},
	{"howto", 8, "customer", []place{toHelp, toHelp, helpDirect, toACME}, "answer.support", "Repairs and spare parts", [2]int{}},
	{"warranty", 6, "customer", []place{toHelp, helpDirect, toPress}, "answer.support", "Customer service", [2]int{}},
	{"part.order", 6, "customer", []place{toHelp, helpDirect, toBilling}, "answer.support", "Repairs and spare parts", [2]int{}},
	{"complaint", 8, "customer detractor", []place{toHelp, toACME, toReviews, helpDirect, toPress}, "answer.complaint", "Customer service", [2]int{1, 2}},
	{"invoice", 9, "customer prospect", []place{toBilling, toBilling, helpDirect, toHelp, toPress}, "answer.billing", "Accounts", [2]int{}},
	{"refund", 7, "customer", []place{toBilling, helpDirect, toHelp, toReviews}, "answer.billing", "Accounts", [2]int{1, 2}},
	{"vat", 3, "customer prospect", []place{toBilling, toBilling, helpDirect}, "answer.billing", "Accounts", [2]int{}},
	{"lead", 5, "prospect", []place{toACME, toHelp, toPress, acmeDirect}, "answer.sales", "Sales", [2]int{}},
	{"stock", 6, "customer prospect advocate", []place{toACME, toHelp}, "answer.sales", "Sales", [2]int{}},
	{"idea", 5, "customer advocate influencer", []place{toACME, toHelp, toReviews}, "answer.feedback", "Product", [2]int{3, 4}},
	{"praise", 6, "customer advocate", []place{toACME, toHelp, toReviews, toReviews}, "answer.praise", "Marketing", [2]int{5, 5}},
	{"press", 4, "journalist", []place{toPress, toPress, toACME, acmeDirect, helpDirect}, "answer.press", "Press and PR", [2]int{}},
	{"career", 5, "candidate", []place{toJobs, toJobs, toACME, toPress}, "answer.careers", "People and careers", [2]int{}},
	{"partner", 3, "partner influencer", []place{toACME, acmeDirect, toPress}, "answer", "Marketing", [2]int{}},
	{"troll", 3, "troll", []place{toACME, toHelp}, "answer.complaint", "", [2]int{}},
	{"spam", 4, "spam", []place{toACME, toHelp, toJobs, toPress}, "answer", "", [2]int{}},
	{"urgent", 3, "customer", []place{toHelp, toACME, toJobs, helpDirect}, "answer.support", "Repairs and spare parts", [2]int{}},
	{"wrong", 3, "customer", []place{toJobs, toACME, toPress}, "answer", "", [2]int{}},
	{"privacy", 2, "customer detractor", []place{toPress, toBilling, helpDirect}, "answer", "Legal and data protection", [2]int{}},
	{"courtesy", 5, "customer advocate", []place{toHelp, toACME}, "answer", "", [2]int{}},
}

func matterOf(key string) matter {
	for _, m := range matters {
		if m.key == key {
			return m
		}
	}
	return matter{key: key, answer: "answer"}
}

// opening is something new that somebody is about to say.
type opening struct {
	who           customer
	matter        matter
	at            place
	lang          string // what they write in: sometimes not their own
	subject, text string
	warning       string // a content warning
	alt           string // a picture, described
	stars         int
}

// imagine makes up an opening.
func imagine(r *rand.Rand) opening {
	m := matters[weighted(r, matters)]
	var could []customer
	for _, c := range cast {
		if strings.Contains(" "+m.who+" ", " "+c.Standing+" ") {
			could = append(could, c)
		}
	}
	o := opening{who: could[r.IntN(len(could))], matter: m, at: m.where[r.IntN(len(m.where))]}
	o.lang = o.who.Lang
	if !has(o.lang, m.key) { // what a foreign customer cannot say at home they write in English
		o.lang = "en"
	}
	o.subject, o.text = filled(r, o.lang, say(r, o.lang, m.key), o.who.first())
	if o.lang != "en" && r.IntN(15) == 0 { // and some begin in one language and end in another
		o.text += " " + say(r, "en", "mix")
	}
	if m.key == "fault" && r.IntN(4) == 0 {
		o.alt = pictures[r.IntN(len(pictures))]
	}
	if m.key == "urgent" && r.IntN(3) == 0 {
		o.warning = "leaking machine"
	}
	if o.at == toReviews && m.stars[1] > 0 {
		o.stars = m.stars[0] + r.IntN(m.stars[1]-m.stars[0]+1)
	}
	return o
}

var pictures = []string{
	"The display of a washing machine showing E18",
	"A puddle of water under a dishwasher, on a tiled floor",
	"A broken hinge held between two fingers",
	"A parcel, torn open at one side",
	"The inside of a coffee machine with a cracked tank",
}

func weighted(r *rand.Rand, list []matter) int {
	sum := 0
	for _, m := range list {
		sum += m.weight
	}
	n := r.IntN(sum)
	for k, m := range list {
		if n -= m.weight; n < 0 {
			return k
		}
	}
	return 0
}
