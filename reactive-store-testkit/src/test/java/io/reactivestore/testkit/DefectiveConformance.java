package io.reactivestore.testkit;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The kit on a store with the defect that the launch names. Run by {@link BrokenStoresTest} only. */
@ExtendWith(DefectiveConformance.FromLaunch.class)
class DefectiveConformance extends StoreConformance {

    static final String DEFECT = "reactivestore.testkit.defect";

    private final Defect defect;

    DefectiveConformance(Defect defect) {
        this.defect = defect;
    }

    @Override
    protected StoreFixture fixture() {
        return defect.fixture();
    }

    static final class FromLaunch implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Defect.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getConfigurationParameter(DEFECT).map(Defect::named).orElse(Defect.NONE);
        }
    }
}
