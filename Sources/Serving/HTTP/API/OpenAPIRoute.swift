import Hummingbird

/// `/api/v1/openapi.yaml`: the description of the API.
struct OpenAPIRoute: Sendable {
    /// The file.
    static let text = String(decoding: PackageResources.openapi_yaml, as: UTF8.self)

    func add(to router: Router<BasicRequestContext>) {
        router.get("/api/v1/openapi.yaml") { _, _ in
            Answer.plain(Self.text, type: "application/yaml; charset=utf-8")
        }
    }
}
