import Elements
import Inference

/// Asks a model that is shown worked cases for an explanation, and again where it says one of them.
struct WorkedCaseAsking {
    let judge: any LanguageModelClient
    /// `[cases]`: the answer of each worked case.
    let answers: [String]
    let maximumTokens: Int

    /// What came of it; never throws.
    ///
    /// - Parameters:
    ///   - prompt: The prompt with the worked cases at some places, ascending.
    ///   - read: The explanation in an answer to a prompt.
    func outcome(
        prompt: ([Int]) -> Prompt, read: (Completion, Prompt) throws(ExplainingError) -> Explanation
    ) async -> ExplanationOutcome {
        var cases = Array(answers.indices)
        var (tokensIn, tokensOut) = (0, 0)
        func outcome(_ result: Result<Explanation, ExplainingError>) -> ExplanationOutcome {
            ExplanationOutcome(
                result: result, tokensIn: tokensIn, tokensOut: tokensOut, copies: answers.count - cases.count)
        }
        while true {
            let asked = prompt(cases)
            let completion: Completion
            do {
                completion = try await judge.complete(asked, maximumTokens: maximumTokens)
            } catch {
                return outcome(
                    .failure(ExplainingError(.inference, error.description, isRetriable: error.isMendable)))
            }
            tokensIn += completion.tokensIn
            tokensOut += completion.tokensOut
            do throws(ExplainingError) {
                let explanation = try read(completion, asked)
                // Without the case it copied, the model has that answer from nowhere but the latent.
                guard let copied = CopiedCase.place(of: explanation.text, among: cases.map({ answers[$0] })) else {
                    return outcome(.success(explanation))
                }
                cases.remove(at: copied)
            } catch {
                return outcome(.failure(error))
            }
        }
    }
}
