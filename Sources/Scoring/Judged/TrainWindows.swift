public import Elements

/// Windows of a latent's train side, on which a judge's threshold may be fitted and nothing may be scored.
public struct TrainWindows: Sendable, Hashable {
    /// Windows in which the latent fires.
    public let positives: [Example]
    /// Windows in which it is silent.
    public let negatives: [PoolWindow]

    /// Brings windows of both classes together.
    public init(positives: [Example], negatives: [PoolWindow]) {
        self.positives = positives
        self.negatives = negatives
    }
}

extension QuestionChoice {
    /// Questions about as many windows of each class as the settings say, chosen as those of the headline are; `nil` if a
    /// class is empty or none are wanted.
    func calibration(from train: TrainWindows, tokenDecoder: any TokenDecoder) -> [Question]? {
        guard let count = settings.calibration, count > 0 else { return nil }
        var fewer = settings
        fewer.positives = count
        fewer.negatives = count
        let questions = settings.method.type.questions(
            from: HeldOutSet(positives: train.positives, negatives: train.negatives),
            by: QuestionChoice(latent: latent, seed: seed, settings: fewer), tokenDecoder: tokenDecoder
        ).questions
        return questions.contains(where: \.isPositive) && questions.contains { !$0.isPositive } ? questions : nil
    }
}
