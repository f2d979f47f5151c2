@testable import Inference

extension LanguageModelClient {
    /// The error that a call ends with; `nil` if it is answered.
    func failure(of prompt: Prompt) async -> InferenceError? {
        do {
            _ = try await complete(prompt, maximumTokens: 5)
            return nil
        } catch {
            return error
        }
    }
}
