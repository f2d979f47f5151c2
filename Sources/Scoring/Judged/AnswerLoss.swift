/// Whether so many answers are missing, or so many of one side, that the others do not stand for all.
///
/// A judge that fails to say no, and says yes otherwise, would else have a score at chance that looks like a bad explanation's.
struct AnswerLoss: Sendable, Hashable {
    /// The most answers that may be missing, of all and of each class: one in this many.
    static let mostMissing = 3
    /// How many standard errors apart the shares that are missing of both classes may be.
    static let standardErrors = 3.0

    /// Why there is no score; `nil` if what is missing is little enough and falls on no side.
    let reason: String?

    /// Looks at answers that have no sides.
    init(missing: Int, of count: Int) {
        reason = missing * Self.mostMissing > count ? "more than a third of \(count) answers are missing" : nil
    }

    /// Looks at the answers to questions of two classes.
    ///
    /// - Parameters:
    ///   - isPositive: By question, whether yes is right.
    ///   - answers: By question, whether the answer was yes; `nil` if it is missing.
    init(isPositive: [Bool], answers: [Bool?]) {
        let asked = Array(zip(isPositive, answers))
        let all = Self(missing: asked.count { $0.1 == nil }, of: asked.count)
        reason = all.reason ?? Self.side(asked) ?? Self.word(asked)
    }

    /// Looks at answers to questions of two classes that are not words.
    init(isPositive: [Bool], missing: [Bool]) {
        let asked = zip(isPositive, missing).map { (isPositive: $0, isYes: $1 ? nil : $0) }
        reason = Self(missing: missing.count { $0 }, of: missing.count).reason ?? Self.side(asked)
    }

    /// Why a class has too many missing, by itself or beside the other one.
    private static func side(_ asked: [(isPositive: Bool, isYes: Bool?)]) -> String? {
        let classes = [true, false].map { side in
            let answers = asked.filter { $0.isPositive == side }
            return (
                name: side ? "in which the latent fires" : "in which it is silent",
                missing: answers.count { $0.isYes == nil }, count: answers.count
            )
        }
        for side in classes where side.missing * mostMissing > side.count {
            return "more than a third of the answers about the \(side.count) windows \(side.name) are missing"
        }
        guard classes.allSatisfy({ $0.count > 0 }) else { return nil }
        let shares = classes.map { Double($0.missing) / Double($0.count) }
        let pooled = Double(classes[0].missing + classes[1].missing) / Double(classes[0].count + classes[1].count)
        let variance = pooled * (1 - pooled) * (1 / Double(classes[0].count) + 1 / Double(classes[1].count))
        guard abs(shares[0] - shares[1]) > standardErrors * variance.squareRoot() else { return nil }
        let worse = shares[0] > shares[1] ? classes[0] : classes[1]
        return "the answers that are missing fall on one side: \(worse.missing) of them on windows \(worse.name)"
    }

    /// Why answers of one word alone came, where some are missing: the other word may be what fails.
    private static func word(_ asked: [(isPositive: Bool, isYes: Bool?)]) -> String? {
        let words = Set(asked.compactMap(\.isYes))
        let missing = asked.count { $0.isYes == nil }
        guard missing * 10 > asked.count, words.count == 1, let word = words.first else { return nil }
        return "\(missing) of \(asked.count) answers are missing, and all others say \(word ? "yes" : "no")"
    }
}
