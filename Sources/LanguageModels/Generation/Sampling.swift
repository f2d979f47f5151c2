/// How the next token is drawn from a model's logits.
public struct Sampling: Sendable, Hashable {
    /// The divisor of the logits; 0 for the likeliest token, and among equals the one with the lowest id.
    public let temperature: Float
    /// Only the smallest set of the likeliest tokens whose probabilities sum to at least this is drawn from.
    public let topP: Float
    /// The number of likeliest tokens that are drawn from; `nil` for all.
    public let topK: Int?
    /// The seed of the draws: the same seed gives the same tokens.
    public let seed: UInt64

    /// The likeliest token; among equals, the one with the lowest id.
    public static let greedy = Sampling()

    private init() {
        temperature = 0
        topP = 1
        topK = nil
        seed = 0
    }

    /// Makes a setting; `topK` is applied before `topP`.
    ///
    /// Throws if the temperature is not a finite number of at least 0, `topP` is not above 0 and at most 1, or `topK`
    /// is under 1.
    public init(temperature: Float, topP: Float = 1, topK: Int? = nil, seed: UInt64) throws(ModelError) {
        guard temperature.isFinite, temperature >= 0 else {
            throw .sampling(setting: "temperature", found: "\(temperature)", expected: "a finite number of at least 0")
        }
        guard topP > 0, topP <= 1 else {
            throw .sampling(setting: "topP", found: "\(topP)", expected: "a number above 0 and at most 1")
        }
        if let topK, topK < 1 {
            throw .sampling(setting: "topK", found: "\(topK)", expected: "a whole number of at least 1")
        }
        self.temperature = temperature
        self.topP = topP
        self.topK = topK
        self.seed = seed
    }
}
