import ISRFLanguageModels
import Testing

@Test("The module brings the stage's protocol with it")
func reexport() {
    _ = LanguageModelCapabilities()
}
