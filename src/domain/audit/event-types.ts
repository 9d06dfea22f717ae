/** A type of event: what happened, and the fields that the event records. `?` marks one that may be missing. */
interface EventRow<Columns extends string, Details extends string> {
  readonly about: string
  /** The columns of the event. `subject:` is followed by what its uid is of. */
  readonly columns: Columns
  /** The members of `details`, and their kinds where they are not text. */
  readonly details: Details
}

function row<const Columns extends string, const Details extends string = ''>(
  about: string,
  columns: Columns,
  details = '' as Details,
): EventRow<Columns, Details> {
  return { about, columns, details }
}

/** Every type of event in the audit. `docs/events.md` and the type of `newEvent` are made from this table. */
export const EVENT_TYPES = {
  'directory.created': row('A directory was created.', 'directoryUid subject:directory', 'name hosts:list'),
  'directory.changed': row(
    'What people see of a directory was changed.',
    'directoryUid subject:directory',
    'changed:list',
  ),
  'directory.ended': row('A directory was ended, with its businesses.', 'directoryUid subject:directory'),
  'business.created': row('A business was created.', 'directoryUid businessUid subject:business', 'name'),
  'business.ended': row('A business was ended.', 'directoryUid businessUid subject:business'),
  'staff.created': row(
    'A person became a staff member of a business.',
    'directoryUid businessUid subject:membership',
    'person role isNewPerson:flag',
  ),
  'staff.ended': row('A staff membership was ended.', 'directoryUid businessUid subject:membership'),
  'person.changed': row('The claims about a person were changed.', 'subject:person', 'changed:list'),
  'person.password-changed': row('The password of a person was set, and all their sessions ended.', 'subject:person'),
  'person.erased': row('The email, name, password and profile of a person were removed.', 'subject:person'),
  'person.ended': row('A person was ended, with their sessions and the tokens that act for them.', 'subject:person'),
  'app.created': row(
    'An app was registered.',
    'directoryUid appUid',
    'name public:flag scopes:list codeName? trusted?:flag origin? clientId?',
  ),
  'app.changed': row(
    'The registration of an app was changed.',
    'directoryUid appUid',
    'changed:list trusted?:flag origin? heldBack?:list',
  ),
  'app.ended': row('An app was ended, with all its tokens.', 'directoryUid appUid subject:app'),
  'app-secret.created': row(
    'A secret was added to an app.',
    'directoryUid appUid subject:secret',
    'name expiresAt?:number',
  ),
  'app-secret.ended': row('A secret of an app was ended.', 'directoryUid appUid subject:secret', 'name'),
  'app.expired': row('An app that registered itself was ended, because no business had connected it.', 'appUid'),
  'app.refused': row('An app failed to authenticate.', 'appUid', 'method'),
  'platform-token.created': row(
    'A token for the management API was created.',
    'directoryUid subject:token',
    'kind name',
  ),
  'platform-token.ended': row('A token for the management API was revoked.', 'directoryUid subject:token'),
  'resource.created': row(
    'A resource server was registered.',
    'directoryUid subject:resource',
    'identifier name introspection:flag',
  ),
  'resource.changed': row(
    'The registration of a resource server was changed.',
    'directoryUid subject:resource',
    'changed:list',
  ),
  'resource.ended': row('A resource server was ended.', 'directoryUid subject:resource', 'identifier'),
  'resource.refused': row('A resource server failed to authenticate.', 'directoryUid subject:resource'),
  'key.created': row('A signing key was created.', 'subject:key', 'kid algorithm signsFrom:number'),
  'key.retired': row('A signing key was removed permanently.', 'subject:key'),
  'login.done': row('A person signed in.', 'subject:person', 'methods:list'),
  'login.refused': row('An attempt to sign in failed.', 'subject?:person', 'visitor'),
  'login.throttled': row('There were too many attempts to sign in.', 'subject?:person', 'visitor'),
  'logout.done': row('A person signed out.', 'appUid? subject:person', 'everywhere?:flag'),
  'logout-token.delivered': row(
    'An app received a logout token.',
    'directoryUid appUid subject:membership',
    'tries:number status?:number',
  ),
  'logout-token.failed': row(
    'A logout token could not be delivered to an app after several tries.',
    'directoryUid appUid subject:membership',
    'tries:number status?:number',
  ),
  'consent.given': row(
    'A person allowed an app to act for a business.',
    'directoryUid businessUid appUid subject:approval',
    'scopes:list',
  ),
  'consent.remembered': row(
    'An app was connected again with the consent that the person had given before.',
    'directoryUid businessUid appUid subject:approval',
    'scopes:list',
  ),
  'consent.trusted': row(
    'A trusted app was connected without a dialog.',
    'directoryUid businessUid appUid subject:approval',
    'scopes:list',
  ),
  'consent.denied': row('A person denied an app.', 'businessUid? appUid'),
  'token.issued': row(
    'An app received a token. Its approval names the app, if there is one.',
    'appUid? subject?:approval',
    'repeated?:flag',
  ),
  'code.replayed': row(
    'A redeemed code was presented again, and its tokens were ended.',
    'businessUid appUid subject:approval',
  ),
  'code.guessed': row(
    'A code was ended, because it was presented with a wrong verifier too often.',
    'businessUid appUid subject:approval',
  ),
  'refresh-token.replayed': row(
    'A used refresh token was presented again, and all tokens of its approval were ended.',
    'businessUid appUid subject:approval',
    'why usedSecondsAgo:number',
  ),
  'install.ended': row('A business disconnected an app.', 'directoryUid businessUid appUid subject:install'),
  'token.ended': row('A token was revoked.', 'directoryUid businessUid? appUid subject?:approval', 'kind'),
}

export type EventType = keyof typeof EVENT_TYPES

interface Kinds {
  number: number
  flag: boolean
  list: readonly string[]
}
type Words<Text extends string> = Text extends `${infer First} ${infer Rest}` ? First | Words<Rest> : Exclude<Text, ''>
type NameOf<Word> = Word extends `${infer Name}?${string}` ? Name : Word extends `${infer Name}:${string}` ? Name : Word
type Needed<Word> = Word extends `${string}?${string}` ? never : NameOf<Word>
type Optional<Word> = Word extends `${infer Name}?${string}` ? Name : never
type ValueOf<Word, Text> = Word extends `${string}:${infer Kind extends keyof Kinds}` ? Kinds[Kind] : Text
/** The members that the words name, and no other of the known ones. */
type Members<Word extends string, Known extends string, Text> = {
  [Each in Word as Needed<Each> & string]: ValueOf<Each, Text>
} & { [Each in Word as Optional<Each>]?: ValueOf<Each, Text> } & { [Other in Exclude<Known, NameOf<Word>>]?: never }

type WordsOf<Type extends EventType, Part extends 'columns' | 'details'> = Words<(typeof EVENT_TYPES)[Type][Part]>
type Known<Part extends 'columns' | 'details'> = NameOf<WordsOf<EventType, Part>> & string
type Details<Type extends EventType> = Members<WordsOf<Type, 'details'>, Known<'details'>, string>

/** The fields of an event besides its type and actor. They never contain a secret or a query string. */
export type EventFields<Type extends EventType> = Members<WordsOf<Type, 'columns'>, Known<'columns'>, string | null> &
  ([Needed<WordsOf<Type, 'details'>>] extends [never] ? { details?: Details<Type> } : { details: Details<Type> })
