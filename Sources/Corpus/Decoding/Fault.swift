/// The reason why a record cannot be used: the code is stable and safe as a metric label, the reason is for a person.
struct Fault: Error, Hashable {
    let code: Code
    let reason: String

    /// The kinds of fault, by the word that dead letters carry.
    enum Code: String, CaseIterable {
        case nullValue = "null-value"
        case empty
        case notUTF8 = "not-utf8"
        case notJSON = "not-json"
        case wrongShape = "wrong-shape"
        case tokenOutOfRange = "token-out-of-range"
        case tooLarge = "too-large"
        case oddLength = "odd-length"
    }

    init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
