"""Every table in one import: for migrations and tests, and so that relationships find their targets."""

from cms import legal_models, move_models
from cms import models as cms_models
from frames import models as frames_models
from storefront.billing import models as billing_models
from storefront.catalog import models as catalog_models
from storefront.core import audit, jobs, outbox, task_runs
from storefront.core.db import Base
from storefront.customers import models as customers_models
from storefront.identity import models as identity_models
from storefront.notifications import models as notifications_models
from storefront.orders import models as orders_models
from storefront.portfolio import models as portfolio_models
from storefront.pricing import models as pricing_models
from storefront.pricing import offer_models
from storefront.provisioning import models as provisioning_models
from tenants import brand_models, certificate_models, office_models
from tenants import models as tenants_models

MODULES = (
    tenants_models,
    brand_models,
    office_models,
    certificate_models,
    audit,
    jobs,
    outbox,
    task_runs,
    identity_models,
    customers_models,
    catalog_models,
    pricing_models,
    offer_models,
    orders_models,
    billing_models,
    provisioning_models,
    portfolio_models,
    notifications_models,
    cms_models,
    legal_models,
    move_models,
    frames_models,
)
metadata = Base.metadata
