extension Provenance {
    /// The name of the explainer whose explanations persons give.
    public static let writtenName = "written"
    /// What `origin` says of an explanation that a person gave.
    public static let human = "human"

    /// `human` if a person gave the explanation; `nil` if it was worked out.
    public var origin: String? { explainer == Self.writtenName ? Self.human : nil }
}
