import Scoring

/// What `make` gives; `nil` if the latent is to be passed over, since too few of its windows are held out.
func unlessPassedOver<Made>(_ make: () throws -> Made) throws -> Made? {
    do {
        return try make()
    } catch let error as ScoringError where error.kind == .tooFewExamples {
        return nil
    }
}
