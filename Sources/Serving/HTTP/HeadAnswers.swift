import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Answers HEAD without a body, whoever makes the answer: routes leave it out, and middleware before them knows only the path.
struct HeadAnswers<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        return request.method == .head ? response.createHeadResponse() : response
    }
}
