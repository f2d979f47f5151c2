/// What evidence may no longer be relied on for.
package enum EvidenceFlags {
    /// False once records were skipped or counted twice, after a start with `--accept-gap`; `nil` until then.
    package static let isExact = StateNote<Bool>("evidence.exact", decode: { $0 != "false" }, encode: { "\($0)" })
    /// True once it was computed by more than one CPU kernel; `nil` until then.
    package static let isMixed = StateNote<Bool>("evidence.mixed", decode: { $0 == "true" }, encode: { "\($0)" })
}
