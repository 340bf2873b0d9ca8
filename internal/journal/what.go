package journal

// What names a kind of thing that can happen. A new kind is one constant here and the deed that writes it.
type What string

const (
	MessageArrived   What = "message arrived"
	MessageEdited    What = "message edited"
	MessageDeleted   What = "message deleted"
	ThreadSeen       What = "message seen"
	Opened           What = "conversation opened"
	PutThrough       What = "put through"
	Claimed          What = "claimed"
	Released         What = "released"
	TakenBack        What = "taken back"
	HandedOver       What = "handed over"
	MovedOn          What = "moved on" // by itself, as it was stuck
	Snoozed          What = "snoozed"
	Woke             What = "woke"
	Closed           What = "closed"
	Reopened         What = "reopened"
	Waiting          What = "waiting on the contact"
	SetAside         What = "set aside"
	BroughtBack      What = "brought back"
	Tagged           What = "tagged"
	IntentCorrected  What = "intent corrected"
	NoteWritten      What = "note written"
	Asked            What = "asked"
	RequestAnswered  What = "request answered"
	RequestWithdrawn What = "request withdrawn"
	RequestMoved     What = "request moved"     // whom it was asked of is no more
	RequestPassed    What = "request passed on" // by whom it was asked of, to somebody else
	RequestPutOff    What = "request put off"   // they will answer later
	RequestReminded  What = "request reminded"
	RequestLate      What = "request late"
	RequestEscalated What = "request escalated" // it is late, and asked of somebody else besides
	// RequestUndelivered says that the letter that asked somebody could not be delivered.
	RequestUndelivered What = "request undelivered"
	PromiseMade        What = "promise made"
	PromiseChanged     What = "promise changed"
	PromiseKept        What = "promise kept"
	PromiseBroken      What = "promise broken"
	PromiseWithdrawn   What = "promise withdrawn"
	PromiseReopened    What = "promise reopened"
	PromiseMoved       What = "promise moved"     // who was to deliver is no more
	PromiseDue         What = "promise due"       // soon: who must deliver is reminded
	PromiseLate        What = "promise late"      // for who owns the conversation
	PromiseEscalated   What = "promise escalated" // to managers, then to operators
	AnsweredByHand     What = "answered by hand"
	TakenPrivate       What = "taken private"
	ClockWarned        What = "clock warned"
	ClockBreached      What = "clock breached"
	UrgencyCorrected   What = "urgency corrected"
	LanguageCorrected  What = "language corrected"
	NeedsCorrected     What = "needs corrected" // whether it needs an answer

	DeliveryHeld      What = "delivery held"
	DeliveryQueued    What = "delivery queued"
	DeliveryApproved  What = "delivery approved"
	DeliverySending   What = "delivery sending"
	DeliverySent      What = "delivery sent"
	DeliveryFailed    What = "delivery failed"
	DeliveryUnknown   What = "delivery unknown"
	DeliveryCancelled What = "delivery cancelled"

	AccountConnected  What = "account connected"
	AccountChanged    What = "account changed"
	AccountRemoved    What = "account removed"
	ExamplesRemoved   What = "examples removed" // an account whose customers were made up, with all that came of it
	AccountStopped    What = "account stopped"
	AccountResumed    What = "account resumed"
	AccountTrouble    What = "account in trouble"
	AccountWell       What = "account well again"
	AccountLost       What = "account has lost something" // some of what was said can't be had any more
	AccountExpires    What = "account's access runs out"
	AccountLostSeen   What = "account's loss seen"
	AccountTested     What = "account tested" // by a message that nobody outside saw
	EverythingStopped What = "everything stopped"
	EverythingResumed What = "everything resumed"
	ItemSetAside      What = "item set aside"
	ItemRetried       What = "item retried"
	ItemDiscarded     What = "item discarded"
	PersonInvited     What = "person invited"
	InvitationRevoked What = "invitation revoked"
	PersonJoined      What = "person joined"
	ModelMade         What = "model made"
	ModelDamaged      What = "model damaged" // and removed: another is made
	PersonChanged     What = "person changed"
	PersonSignedIn    What = "person signed in"
	PersonSignedOut   What = "person signed out"
	SignInRefused     What = "sign-in refused"
	PasswordChanged   What = "password changed"
	ResetMade         What = "password link made"
	PresenceChanged   What = "presence changed"
	AbsenceChanged    What = "absence changed"
	DepartmentChanged What = "department changed"
	DepartmentRetired What = "department retired"
	RuleChanged       What = "rule changed"
	MapChanged        What = "responsibility map changed"
	TopicChanged      What = "topic changed"
	TopicsCorrected   What = "topics corrected"
	AnswerChanged     What = "answer changed"
	AnswerUsed        What = "answer used"
	SavedReplyChanged What = "saved reply changed"
	SettingsChanged   What = "settings changed"
	AdviceChanged     What = "language model changed"
	AdvicePaused      What = "language model paused"
	AdviceGiven       What = "advice given"
	HouseMailChanged  What = "house mail changed"
	LetterSent        What = "letter sent"
	LetterFailed      What = "letter failed"
	KeyMade           What = "API key made"
	KeyRevoked        What = "API key revoked"
	ContactChanged    What = "contact changed"
	Notified          What = "notified" // the people named have something new in their list
	NotifySet         What = "notifications set"
	DeviceAdded       What = "device added"
	DeviceRemoved     What = "device removed"
	ChatChanged       What = "chat webhook changed"
	ChatPaused        What = "chat webhook paused" // by itself: it failed too often
	ContactsMerged    What = "contacts merged"
	MergeUndone       What = "merge undone"
	ContactSplit      What = "contact split"
	ContactsApart     What = "contacts said to be different"
	ContactErased     What = "contact erased"
	ContactExported   What = "contact exported"
	ContactsExported  What = "contacts exported"
	ContactsImported  What = "contacts imported"
	ConsentNoted      What = "consent noted"
	CallTried         What = "call tried"   // nobody answered the telephone
	ViewChanged       What = "view changed" // a saved list of the inbox
	IncidentBegan     What = "incident began"
	IncidentTaken     What = "incident taken"
	IncidentEnded     What = "incident ended"
	SetUp             What = "set up"
)

// OfRequest reports whether w is something that happened to a request.
func (w What) OfRequest() bool {
	switch w {
	case Asked, RequestAnswered, RequestWithdrawn, RequestMoved, RequestPassed, RequestPutOff, RequestReminded, RequestLate, RequestEscalated, RequestUndelivered:
		return true
	}
	return false
}
