import Elements

/// What a person asks for, before it is checked against what runs.
public struct LatentWish: Sendable, Hashable {
    /// The kind.
    public var kind: LatentRequest.Kind
    /// The node that is to do it; `nil` for every one that does such a thing, and for a label or a pin the only one.
    public var node: String?
    /// The coder; `nil` if there is only one.
    public var coder: String?
    /// The latents; one of a label or a pin.
    public var latents: [Int]
    /// The words of a label.
    public var text: String?
    /// The job of the explanation to be pinned.
    public var job: String?

    /// The most latents of one wish.
    public static let mostLatents = 1000
    /// The most scalars of a label, as many as any explanation has.
    public static let longestLabel = Explanation.longestText

    /// Makes a wish.
    public init(
        _ kind: LatentRequest.Kind, node: String? = nil, coder: String? = nil, latents: [Int], text: String? = nil,
        job: String? = nil
    ) {
        self.kind = kind
        self.node = node
        self.coder = coder
        self.latents = latents
        self.text = text
        self.job = job
    }
}

/// Why a wish was refused.
public struct WishRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong with it.
    public enum Kind: String, Sendable, Hashable {
        /// What it says cannot be read or is out of bounds.
        case badBody = "bad_body"
        /// A node, a coder, a latent or an explanation that is not there.
        case unknown
        /// No node of the topology does such a thing.
        case notTaken = "not_taken"
        /// What is so speaks against it, such as a pin.
        case conflict
    }

    /// What is wrong.
    public let kind: Kind
    /// What is wrong and what to do, in a sentence.
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}

extension LatentWish {
    /// Refuses what no topology could do.
    func check() throws(WishRefusal) {
        guard !latents.isEmpty else {
            throw WishRefusal(.badBody, "no latent is named: give the number of at least one")
        }
        guard latents.count <= Self.mostLatents else {
            throw WishRefusal(
                .badBody, "\(latents.count) latents are too many at once: name at most \(Self.mostLatents)")
        }
        if let latent = latents.first(where: { $0 < 0 }) { throw WishRefusal(.badBody, "there is no latent \(latent)") }
        switch kind {
        case .explain, .rescore: break
        case .label: try Self.check(label: text ?? "")
        case .pin:
            guard job != nil else {
                throw WishRefusal(.badBody, "no explanation is named: give the `job` that made it")
            }
        case .unpin: break
        }
        guard kind == .explain || kind == .rescore || latents.count == 1 else {
            throw WishRefusal(.badBody, "labels and pins are of one latent at a time, and \(latents.count) are named")
        }
    }

    private static func check(label: String) throws(WishRefusal) {
        let scalars = label.unicodeScalars
        guard scalars.contains(where: { !$0.properties.isWhitespace && !isJoiner($0) }) else {
            throw WishRefusal(.badBody, "a label must have words, and this one is empty")
        }
        guard scalars.count <= longestLabel else {
            throw WishRefusal(
                .badBody, "a label has at most \(longestLabel) characters, and this one has \(scalars.count)")
        }
        if let scalar = scalars.first(where: isControl) {
            let code = String(scalar.value, radix: 16, uppercase: true)
            throw WishRefusal(
                .badBody,
                "a label is one line without control characters, and this one has U+\(code); write it without that")
        }
    }

    /// Whether a scalar ends a line, controls a terminal, turns the direction of a text or is never seen; joiners of letters do not
    /// count.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format: !isJoiner(scalar)
        // Some of these blocks are not assigned yet, and explanations are kept without all of them.
        default: (0x2060...0x206F).contains(scalar.value) || (0xE0000...0xE007F).contains(scalar.value)
        }
    }

    private static func isJoiner(_ scalar: Unicode.Scalar) -> Bool { scalar.value == 0x200C || scalar.value == 0x200D }
}
