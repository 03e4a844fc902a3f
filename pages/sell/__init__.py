"""Sales, marketing and service: delivery promises, orders, customers and what they are told."""
