/// All that is known of one latent: what its page, the terminal and the API show.
///
/// Each of them shows the same values, for all are made of this one. Its members are part of the API (`docs/http.md`):
/// new ones may come, but those that are there stay as they are.
package struct LatentSheet: Sendable, Hashable, Codable {
    /// The version of the form.
    package static let version = 1

    /// The version of the form that this one has.
    package var v = version
    /// The coder.
    package var coder: SheetCoder
    /// The latent.
    package var latent: Int
    /// How far it has come.
    package var state: LatentState
    /// The explanations that stand, one of each explain node that has one, each with its scores.
    package var labels: [SheetLabel]
    /// Jobs that were given up, the latest of each node.
    package var failures: [SheetFailure]
    /// Counts over every token up to the latest checkpoint; `nil` before the first.
    package var activity: SheetActivity?
    /// The tokens that it makes likelier and less likely; `nil` if the subject's head is not at hand or tells nothing.
    package var promotion: SheetPromotion?
    /// Latents near to it.
    package var neighbours: [SheetNeighbour]
    /// Windows in which it fires and in which it does not, by kind.
    package var examples: [ExampleGroup]
    /// Every explanation that it has had, the oldest first.
    package var history: [SheetChange]
    /// What the figures rest on.
    package var provenance: [SheetFact]

    /// Whether no explanation that stands has a score, so that a label is to be shown as unscored.
    package var isUnscored: Bool { labels.allSatisfy { $0.scores.isEmpty } }
}

/// A coder, by the name of the node that gives its codes.
package struct SheetCoder: Sendable, Hashable, Codable {
    /// The node.
    package var name: String
    /// The hookpoint.
    package var hookpoint: String
    /// The number of latents.
    package var latents: Int
    /// The hash of weights and settings, 32 hexadecimal digits.
    package var digest: String
    /// Whether its directions are random, so that its scores are controls.
    package var isRandom: Bool
}

/// One thing that figures rest on.
package struct SheetFact: Sendable, Hashable, Codable {
    /// What it is, such as `BOS`.
    package var name: String
    /// What it is here.
    package var value: String

    /// Makes a fact.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A job that was given up.
package struct SheetFailure: Sendable, Hashable, Codable {
    /// The node.
    package var node: String
    /// `explain` or `score`.
    package var kind: String
    /// Why.
    package var reason: String
    /// How often it was tried.
    package var attempts: Int
    /// When it was given up, RFC 3339.
    package var at: String

    /// Makes a failure.
    package init(node: String, kind: String, reason: String, attempts: Int, at: String) {
        self.node = node
        self.kind = kind
        self.reason = reason
        self.attempts = attempts
        self.at = at
    }
}

/// A latent near to another.
package struct SheetNeighbour: Sendable, Hashable, Codable {
    /// By what two latents are near.
    package enum Measure: String, Sendable, Hashable, Codable {
        /// The cosine of their decoder rows.
        case decoder
        /// The Jaccard index of the windows in which they fire.
        case cofiring
    }

    /// By what it is near.
    package var measure: Measure
    /// The latent.
    package var latent: Int
    /// How near it is, up to 1.
    package var similarity: Double
    /// What is said of it; `nil` if nothing is.
    package var label: String?
    /// The score of that; `nil` if it has none.
    package var score: SheetScore?
}

/// An explanation that a latent has had.
package struct SheetChange: Sendable, Hashable, Codable {
    /// The explain node.
    package var node: String
    /// What it says.
    package var text: String
    /// When it was made, RFC 3339.
    package var made: String
    /// From when it stood; `nil` if it never did.
    package var from: String?
    /// Until when it stood; `nil` if it still does or never did.
    package var until: String?
    /// Why it was made: `grown`, `moved`, `fallen`, `asked` or `labelled`; `nil` for a first one.
    package var reason: String?
    /// What came of it: `replaced`, `kept` or `confirmed`; `nil` if nothing was to be decided, or is not yet.
    package var outcome: String?
    /// The scores that decided, as `node: standing → challenger`.
    package var comparison: [String]
}
