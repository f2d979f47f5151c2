import Foundation

/// Tells an answer that was not received as it was meant from one that says something unwanted.
enum GarbledBody {
    /// The failure of an answer whose body is no JSON, as where it broke off or a proxy answered in the server's place;
    /// `nil` if it is some.
    static func error(_ response: HTTPResponse, excerpt: Excerpt) -> InferenceError? {
        do {
            _ = try JSONSerialization.jsonObject(with: Data(response.body), options: .fragmentsAllowed)
            return nil
        } catch {
            let said = excerpt.text(response.body)
            return InferenceError(
                .garbled,
                said.isEmpty
                    ? "the endpoint's answer is empty" : "the endpoint's answer is no whole JSON: \(said)")
        }
    }
}
