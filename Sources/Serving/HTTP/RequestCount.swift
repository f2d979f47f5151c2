import Dataflow
import Elements
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Observability

/// Counts answers by the pattern that the path matched and by status; paths themselves would be labels without end.
struct RequestCount<Context: RequestContext>: RouterMiddleware {
    let metrics: RunMetrics

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let elapsed = ContinuousClock().stopwatch()
        func count(_ status: HTTPResponse.Status) {
            // Hummingbird's word for a path that matches nothing.
            let route = context.endpointPath.flatMap { $0 == "NotFound" ? nil : $0 }
            metrics.served(route: route ?? "none", status: status.code, took: elapsed())
        }
        do {
            let response = try await next(request, context)
            count(response.status)
            return response
        } catch {
            count((error as? any HTTPResponseError)?.status ?? .internalServerError)
            throw error
        }
    }
}
